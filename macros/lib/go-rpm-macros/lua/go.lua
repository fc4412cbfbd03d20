-- Library:    go-rpm-macros 3.6, names, sub-packages and steps of projects in Go
-- Documented: https://docs.fedoraproject.org/en-US/packaging-guidelines/Golang/
-- Targets:    all distributions
-- Deviations: sub-packages of alternative paths come in the order of their names

local common = require "specbuild.common"
local forge = require "specbuild.forge"
local wordwrap = require "specbuild.wordwrap"

local go = {}

-- rpm_name(PATH, ID, IS_NEW): the package that an import path has its source in; ID distinguishes one that
-- is there for others' sake. Names of new packages end in their version without a dash before it.
function go.rpm_name(path, id, is_new)
  local name = (path:lower() .. "/"):gsub("^https?://", ""):gsub("%.git/+", ""):gsub("^git%.", "")
    :gsub("^([^/]+)%.[^./]+/", "%1/")
  name = "golang-" .. name
  if id ~= "" then name = "compat-" .. name .. "-" .. id:lower() end
  local count
  repeat name, count = name:gsub("(%d)%.(%d)", "%1:%2") until count == 0
  name = name:gsub("[._/~-]+", "-"):gsub("%-for%-go%-", "-")
  local words, seen = {}, { go = true }
  for word in name:gmatch("[^-]+") do
    if not seen[word] then words[#words + 1] = word end
    seen[word] = true
  end
  name = table.concat(words, "-"):gsub(":", "."):gsub("%-v([.%d]+)$", "-%1"):gsub("%-v([.%d]+%-)", "-%1")
  if not is_new then return name end
  return (name:gsub("([^-]*)%-([.%d]+)$", function(before, version)
    return before .. (before:find("%d$") and "_" or "") .. version
  end))
end

local function name_of(path, id)
  return go.rpm_name(rpm.expand(path), rpm.expand(id), rpm.isdefined("go_use_new_versioning"))
end

local function words(text)
  return text:gmatch("[^%s,]+")
end

-- meta(SUFFIX, OPTIONS): sets the macros of one source, those of its forge too.
function go.meta(suffix, options)
  local is_main = common.is_main(suffix)
  if is_main then common.alias({ "forgeurl", "goipath", "gocid", "goname", "gourl", "gosource" }, options.v) end
  local path = common.value("goipath" .. suffix)
  if path == "" then
    rpm.expand("%{error:Please set the Go import path in the %%{goipath" .. suffix .. "} variable before calling " ..
      "%%gometa" .. (suffix ~= "" and " -z " .. suffix or "") .. "!}")
  end
  local clean = path:gsub("^https?://", ""):gsub("/+$", "")
  if clean ~= path then common.set("goipath" .. suffix, clean, options.v) end
  common.preset("forgeurl" .. suffix, "https://%{goipath" .. suffix .. "}", options.v)
  forge.meta(suffix, options)
  common.preset("gourl" .. suffix, "%{forgeurl" .. suffix .. "}", options.v)
  common.preset("gosource" .. suffix, "%{forgesource" .. suffix .. "}", options.v)
  common.preset("goname" .. suffix, name_of("%{goipath" .. suffix .. "}", "%{?gocid" .. suffix .. "}"), options.v)
  if is_main then common.alias({ "forgeurl", "goname", "gourl", "gosource" }, options.v) end
  if options.i then
    common.report("Macros that %%gometa read or set:", { "goipath", "goname", "gosource", "gourl" }, suffix)
  end
end

-- What may be given with the option that the helper takes it by, or without.
local LISTS = { goipaths = "-i", goipathsex = "-t", goextensions = "-e" }
local DEVEL = { "goipath", "gocid", "gofilelist", "godevelname", "godevelcid", "godevelfilelist", "godevelsummary",
  "godeveldescription", "godevelheader", "goextensions", "gosupfiles", "gosupfilesex", "goipaths", "goipathsex",
  "golicenses", "golicensesex", "godocs", "godocsex" }

local function tidy_list(name, flag, suffix)
  local found = {}
  for word in words(common.value(name .. suffix)) do
    if word ~= flag then found[#found + 1] = (name == "goipaths" and "" or flag .. " ") .. word end
  end
  if found[1] then common.set(name .. suffix, table.concat(found, " ")) end
end

local function paths_are_set()
  if not common.suffixes("goipaths")[1] then
    for _, suffix in ipairs(common.suffixes("goipath")) do
      common.preset("goipaths" .. suffix, "%{goipath" .. suffix .. "}")
    end
  end
end

-- Macros current… of the -devel package with this number.
local function use_devel(suffix, verbose)
  if common.is_main(suffix) then common.alias(DEVEL, verbose) end
  for name, flag in pairs(LISTS) do tidy_list(name, flag, suffix) end
  local paths = common.value("goipaths" .. suffix)
  local first = paths:match("%S+") or ""
  common.preset("godevelcid" .. suffix, "%{?gocid" .. suffix .. "}", verbose)
  local name = name_of(first, "%{?godevelcid" .. suffix .. "}")
  common.preset("godevelname" .. suffix, name .. "-devel", verbose)
  common.preset("godevelfilelist" .. suffix, name .. "-%{gofilelist}", verbose)
  common.preset("godevelsummary" .. suffix, "%{summary}", verbose)
  common.preset("godeveldescription" .. suffix, "%{?common_description}", verbose)
  common.use(DEVEL, suffix, verbose)
  common.set("currentgodeveldescription", "%{?godeveldescription" .. suffix .. "}\n\n" ..
    "This package contains the source code needed for building packages that reference " ..
    "the following Go import paths:" .. paths:gsub("%S+", "\n – %0"):gsub(" *\n", "\n"), verbose)
end

-- Macros current… of a package that leads from other paths to the right one.
local function use_alternative(suffix, name, paths, verbose)
  if common.is_main(suffix) then
    common.alias({ "goipath", "gocanonipath", "goaltdescription", "goaltsummary", "goaltheader" }, verbose)
  end
  common.preset("gocanonipath" .. suffix, "%{goipath" .. suffix .. "}", verbose)
  common.preset("goaltsummary" .. suffix, "%{summary}", verbose)
  common.preset("goaltdescription" .. suffix, "%{?common_description}", verbose)
  common.use({ "gocanonipath", "goaltcid", "goaltsummary" }, suffix, verbose)
  local header = "%{?goaltheader" .. suffix .. "}"
  for _, path in ipairs(paths) do
    header = header .. "\nObsoletes: " .. name_of(path, "") .. "-devel < %{version}-%{release}"
  end
  if rpm.isdefined("__go_links_by_name") then
    local target = name_of("%{gocanonipath" .. suffix .. "}", "%{?gocid" .. suffix .. "}")
    header = header .. "\nRequires: " .. target .. "-devel = %{version}-%{release}"
  end
  common.set("currentgoaltheader", header, verbose)
  common.set("currentgoaltdescription", "%{?goaltdescription" .. suffix .. "}\n\n" ..
    "This package provides symbolic links that alias the following Go import paths to %{currentgocanonipath}:\n – " ..
    table.concat(paths, "\n – ") .. "\n\nAliasing Go import paths via symbolic links or http redirects is fragile. " ..
    "If your Go code depends on this package, you should patch it to import directly %{currentgocanonipath}.", verbose)
  common.set("currentgoaltname", name .. "-devel", verbose)
  common.set("currentgoaltfilelist", name .. "-%{gofilelist}", verbose)
end

-- Calls ACTION with the name and the paths of each package of alternative paths.
local function each_alternative(options, action)
  common.each("goaltipaths", options, function(suffix)
    if common.is_main(suffix) then common.alias({ "goaltipaths", "gocid", "goaltcid" }, options.v) end
    common.preset("goaltcid" .. suffix, "%{?gocid" .. suffix .. "}", options.v)
    local packages, names = {}, {}
    for path in words(common.value("goaltipaths" .. suffix)) do
      local name = name_of(path, "%{?goaltcid" .. suffix .. "}"):gsub("^compat%-", "")
      name = "compat-" .. name
      if not packages[name] then names[#names + 1] = name end
      packages[name] = packages[name] or {}
      table.insert(packages[name], path)
    end
    table.sort(names)
    for _, name in ipairs(names) do
      use_alternative(suffix, name, packages[name], options.v)
      action(packages[name])
    end
  end)
end

local function each_devel(options, action)
  paths_are_set()
  common.each("goipaths", options, function(suffix)
    use_devel(suffix, options.v)
    action(suffix)
  end)
end

local function print_package(kind)
  local of = "%{currentgo" .. kind
  print(rpm.expand("%package     -n " .. of .. "name}\nSummary:        " .. of .. "summary}\n" ..
    "BuildRequires:  go-rpm-macros\nBuildArch:      noarch\n%{?currentgo" .. kind .. "header}\n" ..
    "%description -n " .. of .. "name}\n") .. wordwrap(rpm.expand(of .. "description}")) .. "\n")
end

-- Sections %package and %files of sub-packages.
function go.devel_package(options)
  each_devel(options, function() print_package("devel") end)
end

function go.alt_package(options)
  each_alternative(options, function() print_package("alt") end)
end

function go.devel_files(options)
  each_devel(options, function()
    print(rpm.expand('%files -n %{currentgodevelname} -f "%{goworkdir}/%{currentgodevelfilelist}"\n'))
  end)
end

function go.alt_files(options)
  each_alternative(options, function()
    print(rpm.expand('%files -n %{currentgoaltname} -f "%{goworkdir}/%{currentgoaltfilelist}"\n'))
  end)
end

-- env(SUFFIX, OPTIONS): directories and flags of one source. Options: i (a path), V, T, C, B, v.
function go.env(suffix, options)
  local verbose = options.v
  if options.i and suffix == "" then suffix = common.suffix_of("goipath", options.i) or "" end
  local path = options.i or "%{goipath" .. suffix .. "}"
  local all = common.suffixes("goipath")
  common.preset("goworkdir", "%{_builddir}/%{?buildsubdir}", verbose)
  if all[1] then common.set("goworkdir", "%{_builddir}/%{extractdir" .. all[#all] .. "}", verbose) end
  common.preset("gobuilddir", "%{goworkdir}/_build", verbose)
  if common.is_main(suffix) then
    common.alias({ "gosourcedir", "gofilelist", "gocid" }, verbose)
  else
    common.preset("gofilelist" .. suffix, name_of("%{goipath" .. suffix .. "}", "%{?gocid" .. suffix .. "}") ..
      "-%{gofilelist}", verbose)
  end
  if rpm.expand(path) ~= common.value("goipath" .. suffix) then
    common.set("thisgofilelist", name_of(path, "%{?gocid" .. suffix .. "}") .. "-%{gofilelist}", verbose)
  else
    common.set("thisgofilelist", "%{gofilelist" .. suffix .. "}", verbose)
  end
  local extracted = common.value("extractdir" .. suffix) ~= "" and "%{_builddir}/%{extractdir" .. suffix .. "}"
  common.preset("gosourcedir" .. suffix, extracted or "%{goworkdir}", verbose)
  local flags = ""
  for _, entry in ipairs { { "branch", "B" }, { "commit", "C" }, { "tag", "T" }, { "version", "V" } } do
    local value = options[entry[2]] or common.value(entry[1] .. suffix)
    local symbol = entry[1] == "version" and "version" or "version." .. entry[1]
    if value ~= "" then flags = flags .. " -X " .. path .. "/" .. symbol .. "=" .. value end
  end
  common.use({ "goipath", "gosourcedir", "gofilelist", "version", "tag", "commit", "branch" }, suffix, verbose)
  if options.i then common.set("currentgoipath", options.i, verbose) end
  common.set("currentgoldflags", flags, verbose)
end

-- mkdir(SUFFIX, OPTIONS): the sources' place in a tree for Go. Options: i, b, s, k, v.
function go.mkdir(suffix, options)
  go.env(suffix, options)
  local build = options.b or "%{gobuilddir}"
  local source = options.s or "%{currentgosourcedir}"
  local place = build .. "/src/%{currentgoipath}"
  print(rpm.expand((options.k and "" or 'rm -rf "' .. source .. '/vendor"\n') ..
    'install -m 0755 -vd "' .. build .. '/bin" "$(dirname "' .. place .. '")"\n' ..
    'export GOPATH="' .. build .. ':${GOPATH:+${GOPATH}:}%{?gopath}"\n' ..
    '[ -e "' .. place .. '" ] || ln -fs "' .. source .. '" "' .. place .. '"\n' ..
    'cd "' .. place .. '"\n'))
end

-- prep(OPTIONS): unpacks sources and puts them in place. Options: z, a, i, b, s, k, e, v, S, A.
function go.prep(options)
  local setup = "%setup " .. (options.v and "" or "-q ")
  if options.A or options.S then
    setup = "%autosetup -N " .. (options.v and "-v " or "") .. (options.S and "-S " .. options.S .. " " or "")
  end
  common.each("goipath", options, function(suffix)
    if not options.e then print(rpm.expand(setup .. "%{?forgesetupargs" .. suffix .. "}") .. "\n") end
    go.mkdir(suffix, options)
  end)
end

-- paths(OPTIONS): the import paths that a step is about.
function go.paths(options)
  if options.i then return options.i end
  local found = {}
  common.each("goipath", options, function(suffix) found[#found + 1] = rpm.expand("%{goipath" .. suffix .. "}") end)
  return table.concat(found, " ")
end

-- What the helper is called with, unless the spec says otherwise.
local PRESET = {
  { "i", "%{currentgoipath}" }, { "b", "%{gobuilddir}/bin" }, { "s", "%{gobuilddir}" },
  { "V", "%{version}-%{release}" }, { "T", "%{?currenttag}" }, { "C", "%{?currentcommit}" },
  { "B", "%{?currentbranch}" }, { "p", "%{buildroot}" }, { "g", "%{gopath}" },
}

local function call(step, options, rest, more)
  local line = step
  for _, entry in ipairs(PRESET) do
    local value = options[entry[1]] or rpm.expand(entry[2])
    if value ~= "" then line = line .. " -" .. entry[1] .. ' "' .. value .. '"' end
  end
  return rpm.expand(line) .. " " .. rpm.expand(more) .. (rest ~= "" and " " .. rest or "")
end

-- Options that may be there several times are passed on as they stand: rest(TEXT) is without those of PRESET.
local function rest(text)
  local found, is_value = {}, false
  for word in text:gmatch("%S+") do
    local letter, value = word:match("^%-([zibsoOVTCBpg])(.*)$")
    if is_value then
      is_value = false
    elseif letter then
      is_value = value == ""
    elseif word ~= "-a" then
      found[#found + 1] = word
    end
  end
  return table.concat(found, " ")
end

-- install(OPTIONS, TEXT): what %goinstall does; check(OPTIONS, TEXT): %gocheck.
function go.install(options, text)
  common.each("goipath", options, function(suffix)
    go.env(suffix, options)
    local list = (options.O or "%{goworkdir}") .. "/" .. (options.o or "%{thisgofilelist}")
    print(call("%{__go_source} install", options, rest(text), '-o "' .. list .. '" %{?goinstallflags}') .. "\n")
  end)
end

function go.check(options, text)
  rpm.undefine("_auto_set_build_flags")
  common.each("goipath", options, function(suffix)
    go.env(suffix, options)
    print(rpm.expand('%{?currentgoldflags:GO_LDFLAGS="${GO_LDFLAGS-} %{currentgoldflags}" }' ..
      '%{?gotestflags:GO_TEST_FLAGS="%{gotestflags}" }' ..
      '%{?gotestextldflags:GO_TEST_EXT_LD_FLAGS="%{gotestextldflags}" }') ..
      call("%{__go_source} check", options, rest(text), "%{?gocheckflags}" .. (options.w and " -w" or "")) .. "\n")
  end)
end

-- install_devel(OPTIONS): files of -devel packages and lists of them.
function go.install_devel(options)
  each_devel(options, function()
    for path in words(common.value("currentgoipaths")) do
      go.env("", { i = path, v = options.v })
      local line = call("%{__go_source} install", {}, "",
        '-o "%{goworkdir}/%{currentgodevelfilelist}" %{?currentgoipathsex} %{?currentgoextensions} ' ..
        "%{?goinstallflags}%{?currentgosupfiles: --also %{currentgosupfiles}}" ..
        "%{?currentgosupfilesex: --not %{currentgosupfilesex}}")
      print('(cd "' .. rpm.expand("%{gobuilddir}") .. "/src/" .. path .. '"; ' .. line .. ")\n")
    end
    for _, kind in ipairs { "doc", "license" } do
      local files = "currentgo" .. kind .. "s"
      if common.value(files) ~= "" then
        print(rpm.expand("%{__go_source} list " .. kind .. ' -o "%{goworkdir}/%{currentgodevelfilelist}" ' ..
          "--also %{" .. files .. "}%{?" .. files .. "ex: --not %{" .. files .. "ex}}\n"))
      end
    end
  end)
end

-- install_alt(OPTIONS): links from alternative paths.
function go.install_alt(options)
  each_alternative(options, function(paths)
    print(rpm.expand('%{__go_source} link -p "%{buildroot}" -g "%{gopath}" -i "%{currentgocanonipath}" ' ..
      '-o "%{goworkdir}/%{currentgoaltfilelist}" ' .. table.concat(paths, " ") .. "\n"))
  end)
end

return go
