-- Library:    forge-srpm-macros 0.4, addresses of archives that forges make
-- Documented: https://docs.fedoraproject.org/en-US/packaging-guidelines/SourceURL/
-- Targets:    all distributions
-- Deviations: names of owners and repositories are taken from %forgeurl once; every host of
--             Google's Git repositories is known

local common = require "specbuild.common"

local forge = {}

local URLS = { "forgeurl", "forgesource", "forgesetupargs", "archivename", "archiveext", "archiveurl", "topdir",
  "extractdir", "repo", "owner", "namespace", "scm" }
local GIVEN = { "tag", "commit", "branch", "version", "date" }

-- What @ stands for is the suffix. A macro is set to its value here unless the spec has set it.
local DEFAULT = {
  scm = "git",
  archiveext = "tar.gz",
  archivename = "%{repo@}-%{ref@}",
  topdir = "%{archivename@}",
  shortcommit = "%{sub %{commit@} 1 7}",
}
local NAMED = "%{forgeurl@}/archive/%{ref@}/%{archivename@}.%{archiveext@}"
local PLAIN = "%{forgeurl@}/archive/%{ref@}.%{archiveext@}"

-- `path`: what of an address is the project's; its captures are named by `names`.
local FORGES = {
  github = { path = "([^/]+)/([^/]+)", names = { "owner", "repo" }, form = "https://(…[-.])github[-.]…/owner/repo",
    prefix = "v", archivename = "%{repo@}-%{fileref@}", archiveurl = NAMED },
  gitlab = { path = "(.+)/([^/]+)", names = { "owner", "repo" },
    form = "https://(…[-.])gitlab[-.]…/owner[/…]/repo", archiveext = "tar.bz2",
    archivename = "%{repo@}-%{fileref@}",
    archiveurl = "%{forgeurl@}/-/archive/%{ref@}/%{archivename@}.%{archiveext@}" },
  pagure = { path = "([^/]+)", names = { "repo" }, form = "https://pagure.io/repo", archiveurl = NAMED },
  pagure_ns = { path = "([^/]+)/([^/]+)", names = { "namespace", "repo" }, form = "https://pagure.io/namespace/repo",
    archivename = "%{namespace@}-%{repo@}-%{ref@}", archiveurl = NAMED },
  pagure_fork = { path = "fork/([^/]+)/([^/]+)", names = { "owner", "repo" },
    form = "https://pagure.io/fork/owner/repo", archivename = "%{owner@}-%{repo@}-%{ref@}", archiveurl = NAMED },
  pagure_ns_fork = { path = "fork/([^/]+)/([^/]+)/([^/]+)", names = { "owner", "namespace", "repo" },
    form = "https://pagure.io/fork/owner/namespace/repo",
    archivename = "%{owner@}-%{namespace@}-%{repo@}-%{ref@}", archiveurl = NAMED },
  googlesource = { path = "(.+)", names = { "repo" }, form = "https://code.googlesource.com/…/repo", prefix = "v",
    topdir = "", archiveurl = "%{forgeurl@}/+archive/%{ref@}.%{archiveext@}" },
  bitbucket = { path = "([^/]+)/([^/]+)", names = { "owner", "repo" }, form = "https://bitbucket.org/owner/repo",
    archiveext = "tar.bz2", shortcommit = "%{sub %{commit@} 1 12}", needs_commit = true,
    archivename = "%{owner@}-%{repo@}-%{shortcommit@}", archiveurl = "%{forgeurl@}/get/%{ref@}.%{archiveext@}" },
  sourcehut = { path = "(~[^/]+)/([^/]+)", names = { "owner", "repo" }, form = "https://git.sr.ht/~owner/repo",
    archiveurl = PLAIN },
  gitea = { path = "([^/]+)/([^/]+)", names = { "owner", "repo" }, form = "https://codeberg.org/owner/repo",
    topdir = "%{repo@}", archiveurl = PLAIN },
}

-- Hosts by patterns; the first that matches decides.
local HOSTS = {
  { "^pagure%.io$", "pagure" }, { "^gitlab[.-]", "gitlab" }, { "[.-]gitlab%.", "gitlab" },
  { "^github[.-]", "github" }, { "[.-]github%.", "github" }, { "%.googlesource%.com$", "googlesource" },
  { "^bitbucket%.org$", "bitbucket" }, { "^git%.sr%.ht$", "sourcehut" }, { "^hg%.sr%.ht$", "sourcehut" },
  { "^codeberg%.org$", "gitea" }, { "^gitea[.-]", "gitea" }, { "[.-]gitea%.", "gitea" }, { "^forgejo[.-]", "gitea" },
}

local function kind_of(host, path)
  for _, entry in ipairs(HOSTS) do
    if host:find(entry[1]) then
      if entry[2] ~= "pagure" then return entry[2] end
      local slashes = select(2, path:gsub("/", ""))
      local is_fork = path:find("^fork/")
      return ({ [0] = "pagure", is_fork and "pagure" or "pagure_ns", is_fork and "pagure_fork" or "pagure_ns",
        is_fork and "pagure_ns_fork" or "pagure_ns" })[math.min(slashes, 3)]
    end
  end
end

-- identify(URL): the address of the project, its forge, and the names in it; or nil and what is wrong.
function forge.identify(url)
  local scheme, host, path = url:match("^([^:]+://)([^/]+)/([^#?]*)$")
  if not scheme then scheme, host, path = url:match("^([^:]+://)([^/]+)/([^#?]*)[#?]") end
  if not scheme then return nil, "URLs must include a protocol such as https:// and a path starting with / !" end
  path = path:gsub("/+$", "")
  local kind = kind_of(host, path)
  if not kind then return nil end
  if kind == "gitlab" then path = path:gsub("/%-/.*$", ""):gsub("/v%d+$", "") end
  local known = FORGES[kind]
  local found = { path:match("^" .. known.path) }
  if not found[1] then return nil, kind .. " URLs must match " .. known.form .. " !" end
  local names = {}
  for index, name in ipairs(known.names) do names[name] = found[index]:match("[^/]+$") end
  local project = path:match("^" .. known.path:gsub("[()]", ""))
  -- An address at GitLab stays as it is, as its groups can be nested.
  if kind == "gitlab" and url:find("/$") then project = project .. "/" end
  return scheme .. host .. "/" .. project, known, names
end

local function complain(message)
  rpm.expand("%{error:" .. message .. "}")
end

-- What is fetched, as a macro, and by which of the given names.
local function reference(suffix)
  for _, name in ipairs { "tag", "commit", "branch" } do
    if common.value(name .. suffix) ~= "" then return name end
  end
  return "version"
end

-- GitHub leaves a v before a number out of a file's name; no file's name has a slash.
local function file_reference(by, suffix)
  local given = "%{?" .. by .. suffix .. "}"
  if by == "version" or by == "commit" then return given end
  local value = rpm.expand(given)
  if value:find("^v%d") then return (value:sub(2):gsub("/", "-")) end
  return value:find("/") and value:gsub("/", "-") or given
end

local function set_project(suffix, by, known, names, verbose)
  local function fill(text) return (text:gsub("@", (suffix:gsub("%%", "%%%%")))) end
  local given = "%{?" .. by .. suffix .. "}"
  if known.needs_commit and common.value("commit" .. suffix) == "" then
    complain("All BitBucket URLs require commit value knowledge: you need to define %%{commit}!")
  end
  local fileref = file_reference(by, suffix)
  if known ~= FORGES.github then fileref = by == "version" and given or rpm.expand(given):gsub("/", "-") end
  common.preset("fileref" .. suffix, fileref, verbose)
  common.preset("ref" .. suffix, (by == "version" and known.prefix or "") .. given, verbose)
  for name, value in pairs(names) do common.preset(name .. suffix, value, verbose) end
  for _, name in ipairs { "scm", "archiveext", "shortcommit", "archivename", "topdir", "archiveurl" } do
    local body = known[name] or DEFAULT[name]
    if name ~= "shortcommit" or common.value("commit" .. suffix) ~= "" then
      common.preset(name .. suffix, fill(body), verbose)
    end
  end
end

-- The name of the archive is put behind an address that ends otherwise.
local function set_source(suffix, verbose)
  local function value(name) return common.value(name .. suffix) end
  local file = value("archivename") .. "." .. value("archiveext")
  local source = "%{?archiveurl" .. suffix .. "}"
  if value("archiveurl"):match("/([^/]+)$") ~= file then
    source = source .. "#/%{?archivename" .. suffix .. "}.%{archiveext" .. suffix .. "}"
  end
  common.preset("forgesource" .. suffix, source, verbose)
  local has_folder = value("topdir") ~= ""
  common.preset("extractdir" .. suffix, "%{" .. (has_folder and "topdir" or "archivename") .. suffix .. "}", verbose)
  local args = (has_folder and "" or "-c ") .. "-n %{extractdir" .. suffix .. "}"
  if not common.is_main(suffix) then args = "-T -D " .. (has_folder and "-b " or "-a ") .. suffix .. " " .. args end
  common.preset("forgesetupargs" .. suffix, args, verbose)
end

-- Without what a tag says again: the repository, a word for "version", the version.
local function without_version(text, suffix)
  local repo = common.value("repo" .. suffix):lower():gsub("[%p%s]+", ".")
  if repo ~= "" and text:sub(1, #repo) == repo then text = text:sub(#repo + 1):gsub("^%.", "") end
  -- As it stands where the spec has no version yet: a tag may be a macro for it.
  local version = rpm.expand("%{version}"):gsub("[%p%s]+", ".")
  for _, word in ipairs { "", "v", "v.", "version", "version.", "tags.v", "tags.v." } do
    local start = word .. version
    local rest = text:sub(#start + 1)
    if text:sub(1, #start) == start and not rest:find("^%.?%d") then text = rest end
  end
  return (text:gsub("^%.", ""))
end

-- What of a snapshot goes into a version or release: a date, the tool and what was fetched; "" of a release.
local function snapshot(suffix, by)
  if by == "version" then return "" end
  local text = common.value(by .. suffix):lower()
  if by == "commit" then
    text = text:sub(1, 7)
  elseif by == "tag" then
    text = without_version(text:gsub("[%p%s]+", "."), suffix)
  end
  if text == "" then return "" end
  local date = common.value("date" .. suffix)
  if date == "" then
    local file = "%{_sourcedir}/%{archivename" .. suffix .. "}.%{archiveext" .. suffix .. "}"
    date = "%([ -r " .. file .. " ] && date +%Y%m%d -u -r " .. file .. ")"
  end
  return date .. "%{scm" .. suffix .. "}" .. text
end

local function set_dist_prefix(suffix, by, verbose)
  local prefix = snapshot(suffix, by)
  if prefix ~= "" then prefix = "." .. prefix end
  local version = common.value("version" .. suffix)
  if version ~= "" and version ~= "0" and version ~= common.value("version") then
    prefix = ".%{version" .. suffix .. "}" .. prefix
  end
  if prefix == "" then return end
  if not common.is_main(suffix) then prefix = prefix:gsub("^%.", ".s") end
  if not rpm.isdefined("distprefix" .. suffix) then common.set("distprefix" .. suffix, prefix, verbose) end
end

-- meta(SUFFIX, OPTIONS): sets the macros of one source. Options: u (an address), v, i, s.
function forge.meta(suffix, options)
  local is_main = common.is_main(suffix)
  if is_main then
    common.alias(URLS, options.v)
    common.alias(GIVEN, options.v)
    common.alias({ "shortcommit", "distprefix" }, options.v)
  end
  local by = reference(suffix)
  if common.value(by .. suffix) == "" then
    local first = is_main and "Version:" or "%%{version" .. suffix .. "}"
    complain("You need to define " .. first .. ", %%{commit" .. suffix .. "} or %%{tag" .. suffix ..
      "} before the macro invocation !")
  end
  local url = options.u or common.value("forgeurl" .. suffix)
  if url ~= "" then
    local project, known, names = forge.identify(url)
    if project then
      common.set("forgeurl" .. suffix, project, options.v)
      if suffix == "0" then common.set("forgeurl", project, options.v) end
      set_project(suffix, by, known, names, options.v)
    elseif known and not options.s then
      complain(known)
    end
  end
  set_source(suffix, options.v)
  set_dist_prefix(suffix, by, options.v)
  if is_main then
    common.alias(URLS, options.v)
    common.alias({ "ref", "fileref", "shortcommit", "distprefix" }, options.v)
  end
  if options.i then
    common.report("Macros that %%forgemeta read or set:", URLS, suffix)
    common.report("and", GIVEN, suffix)
    common.report("and", { "shortcommit", "distprefix" }, suffix)
    common.report("and", { "dist" }, "")
  end
end

-- version(SUFFIX, SEPARATOR): the version with its snapshot, which the release then leaves out.
function forge.version(suffix, separator)
  local by = reference(suffix)
  local extra = snapshot(suffix, by)
  rpm.undefine("distprefix" .. suffix)
  if common.is_main(suffix) then
    rpm.undefine("distprefix")
    rpm.undefine("distprefix0")
  end
  local version = common.value("version" .. (suffix == "" and "0" or suffix))
  if version == "" then version = common.value("version") end
  return (version == "" and "0" or version) .. (extra ~= "" and separator .. rpm.expand(extra) or "")
end

return forge
