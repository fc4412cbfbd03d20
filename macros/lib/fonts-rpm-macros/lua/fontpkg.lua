-- Library:    fonts-rpm-macros 2.0.5: what specs say of fonts, block by block
-- Documented: https://docs.fedoraproject.org/en-US/packaging-guidelines/FontsPolicy/; its templates of specs
-- Targets:    all distributions
-- Deviations: %currentfont… are not set: what macros need of a block they are given

local fonts = require "specbuild.fonts"

local fontpkg = {}

-- What blocks have of the block without a number, where they say nothing themselves.
local SHARED = { foundry = true, fontdocs = true, fontdocsex = true, fontlicense = true, fontlicenses = true,
  fontlicensesex = true }

local function is_main(block)
  return block == "" or block == "0"
end

-- macro_of(NAME, BLOCK): the macro that has NAME for a block, nil where none does.
function fontpkg.macro_of(name, block)
  if rpm.isdefined(name .. block) then return name .. block end
  local main = { name, name .. "0" }
  for _, other in ipairs((is_main(block) or SHARED[name]) and main or {}) do
    if rpm.isdefined(other) then return other end
  end
end

-- get(NAME, BLOCK): the value of, for instance, %fontsummary for a block; "" where it has none.
function fontpkg.get(name, block)
  local macro = fontpkg.macro_of(name, block)
  return macro and rpm.expand("%{" .. macro .. "}") or ""
end

local function set_if_missing(name, block, value)
  local macro = fontpkg.macro_of(name, block)
  for _, suffix in ipairs(is_main(block) and { "", "0" } or { block }) do
    if not rpm.isdefined(name .. suffix) then
      rpm.define(name .. suffix .. " " .. (macro and "%{" .. macro .. "}" or value))
    end
  end
end

-- name(BLOCK): sets what a block doesn't say itself: %fontpkgname, %fonthumanname, %fontdir, %fontlist. Returns
-- the name of its package.
function fontpkg.name(block)
  local foundry, family = fontpkg.get("foundry", block), fontpkg.get("fontfamily", block)
  if family == "" then error("%fontfamily" .. block .. " is not set", 0) end
  if family:sub(1, #foundry) == foundry then family = family:sub(#foundry + 1) end
  local whole = (foundry .. " " .. family):gsub("%s+", " "):gsub("^ ", "")
  local name = fontpkg.macro_of("fontpkgname", block) and fontpkg.get("fontpkgname", block) or fonts.package_name(whole)
  set_if_missing("fontpkgname", block, name)
  set_if_missing("fonthumanname", block, whole)
  set_if_missing("fontdir", block, rpm.expand("%{__fontdir_base " .. fontpkg.format(block) .. "}") .. "/" .. name)
  set_if_missing("fontlist", block, "%{_builddir}/%{?buildsubdir}/" .. name .. ".list")
  return name
end

-- format(BLOCK): which kind of fonts the patterns of a block name.
function fontpkg.format(block)
  return fontpkg.get("fonts", block):lower():find("%.ot[fc]") and "opentype" or "truetype"
end

-- for_blocks(OPTIONS, ACTION): for the block -z, for all with -a, for the main one or else all without.
function fontpkg.for_blocks(options, action)
  if options.z then return action(options.z) end
  local blocks = fonts.blocks(rpm.isdefined)
  if not options.a and #blocks > 0 and is_main(blocks[1]) then blocks = { blocks[1] } end
  if #blocks == 0 then error("%fontfamily is not set", 0) end
  for _, block in ipairs(blocks) do action(block) end
end

-- begin_package(NAME): the head of a package. The first one names the source package unless the spec has a Name;
-- as a spec with BuildArch is read twice, that is noted in %source_name.
function fontpkg.begin_package(name)
  if not rpm.isdefined("source_name") then
    rpm.define("source_name " .. (rpm.isdefined("name") and rpm.expand("%{name}") or name))
  end
  return (name == rpm.expand("%{source_name}") and "Name: " or "%package -n ") .. name .. "\n"
end

return fontpkg
