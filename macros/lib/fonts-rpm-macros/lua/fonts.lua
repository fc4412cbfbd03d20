-- Library:    fonts-rpm-macros 2.0.5: names and headers of packages of fonts
-- Documented: https://docs.fedoraproject.org/en-US/packaging-guidelines/FontsPolicy/; its templates of specs
-- Targets:    all distributions
-- Deviations: blocks are found up to 50 numbers behind the last one

local fonts = {}

local GAP = 50

-- Words at the end of a family's name that speak of one of its faces, in the order in which they are cut.
local FACES = {
  { "normal", "book", "regular", "upright" },
  { "italic", "ita", "ital", "cursive", "kursiv", "oblique", "inclined", "backslanted", "backslant", "slanted" },
  { "ultracondensed", "extra-compressed", "ext-compressed", "ultra-compressed", "ultra-condensed",
    "extracondensed", "compressed", "extra-condensed", "ext-condensed", "extra-cond", "semicondensed", "narrow",
    "semi-condens", "semiexpanded", "wide", "semi-expanded", "semi-extended", "extraexpanded", "extra-expanded",
    "ext-expanded", "extra-extended", "ext-extended", "ultraexpanded", "ultra-expanded", "ultra-extended",
    "condensed", "cond", "expanded", "extended" },
  { "thin", "extra-thin", "ext-thin", "ultra-thin", "extralight", "extra-light", "ext-light", "ultra-light",
    "demibold", "semi-bold", "demi-bold", "extrabold", "extra-bold", "ext-bold", "ultra-bold", "extrablack",
    "extra-black", "ext-black", "ultra-black", "bold", "light", "medium", "black", "heavy", "nord", "demi", "ultra" },
}

local function dashed(text)
  return (text:lower():gsub("[%p%s]+", "-"):gsub("^%-", ""):gsub("%-$", ""))
end

local function without_face(name, faces)
  for _, face in ipairs(faces) do
    if name:sub(-#face - 1) == "-" .. face then return name:sub(1, -#face - 2) end
  end
  return name
end

-- package_name(FAMILY): `acme-river-sans-fonts` of `ACME River Sans Bold`; each word once.
function fonts.package_name(family)
  local name = dashed(family)
  for _, faces in ipairs(FACES) do name = without_face(name, faces) end
  local seen, words = { font = true, fonts = true }, {}
  for word in name:gmatch("[^-]+") do
    if not seen[word] then words[#words + 1] = word end
    seen[word] = true
  end
  words[#words + 1] = "fonts"
  return table.concat(words, "-")
end

-- blocks(DEFINED): suffixes of the blocks that have a %fontfamily, by a function that says whether a macro is
-- defined; a block 0 beside one without a number is the same block.
function fonts.blocks(defined)
  local found = {}
  if defined("fontfamily") then found[1] = "" end
  local number, last = #found, #found
  while number <= last + GAP do
    if defined("fontfamily" .. number) then
      found[#found + 1] = tostring(number)
      last = number
    end
    number = number + 1
  end
  return found
end

-- old_package_name(NAME, FONTNAME, PART): how packages of the former generation are called: the words of all
-- three, each once.
function fonts.old_package_name(...)
  local seen, words = { font = true, fonts = true }, {}
  for _, text in ipairs { ... } do
    for word in text:lower():gmatch("[^%s_-]+") do
      if not seen[word] then words[#words + 1] = word end
      seen[word] = true
    end
  end
  words[#words + 1] = "fonts"
  return table.concat(words, "-")
end

return fonts
