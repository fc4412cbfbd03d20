-- Library:    mingw-filesystem 149, one step for all kinds of Windows
-- Documented: https://docs.fedoraproject.org/en-US/packaging-guidelines/MinGW/
-- Targets:    all distributions
-- Deviations: none

local mingw = {}

local KINDS = { { "win32", "mingw32" }, { "win64", "mingw64" }, { "ucrt64", "ucrt64" } }

-- words(EXPAND): what macros of the kinds begin with that a spec builds for.
function mingw.words(expand)
  local found = {}
  for _, kind in ipairs(KINDS) do
    if expand("0%{?mingw_build_" .. kind[1] .. "}") == "01" then found[#found + 1] = kind[2] end
  end
  return found
end

local function folder(word)
  for _, kind in ipairs(KINDS) do
    if kind[2] == word then return "build_" .. kind[1] .. "$MINGW_BUILDDIR_SUFFIX" end
  end
end

-- step(WORD, NAME, MACRO): the shell commands of a step for one kind; MACRO gives the value of a macro.
function mingw.step(word, name, macro)
  local place, args = folder(word), "$" .. word:upper()
  if name == "make" or name == "ninja" then
    return ('%s -C %s "$@" %s_%s_ARGS'):format(name, place, args, name:upper())
  end
  local takes_words = name == "cmake" or name == "meson"
  return ("mkdir -p %s\n(cd %s\n%s%s)"):format(place, place, macro(word .. "_" .. name), takes_words and "" or ' "$@"')
end

return mingw
