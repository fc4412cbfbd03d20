-- Library:    redhat-rpm-config 342, text for descriptions
-- Documented: https://src.fedoraproject.org/rpms/redhat-rpm-config; https://github.com/rpm-software-management/rpm/issues/566
-- Targets:    all distributions
-- Deviations: none

local WIDTH = 80

local function columns(text)
  return utf8.len(text) or #text
end

-- What stands before the lines that follow the first one of a paragraph or of a point.
local function margin(line)
  return (line:match("^%s*– ") or line:match("^%s*")):gsub("– ", "  ")
end

local function fold(line)
  local rows, row = {}, ""
  for word in line:gmatch("%s*%S+") do
    if row ~= "" and columns(row) + columns(word) > WIDTH then
      rows[#rows + 1] = row
      row = margin(line) .. word:match("%S+")
    else
      row = row .. word
    end
  end
  rows[#rows + 1] = row
  return table.concat(rows, "\n")
end

-- wordwrap(TEXT): lines of 80 columns, no empty ones at either end and no two of them together; points of lists
-- begin with a dash.
return function(text)
  text = (text .. "\n"):gsub("\t", "  "):gsub("\r", "\n"):gsub(" +\n", "\n"):gsub("\n\n+", "\n\n")
  text = text:gsub("^\n+", ""):gsub("\n+$", "")
  text = ("\n" .. text):gsub("\n( *)[-*] +", "\n%1– "):gsub("\n( *)— +", "\n%1– "):sub(2)
  local lines = {}
  for line in (text .. "\n"):gmatch("([^\n]*)\n") do lines[#lines + 1] = fold(line) end
  return table.concat(lines, "\n") .. "\n"
end
