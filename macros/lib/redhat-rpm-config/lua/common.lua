-- Library:    redhat-rpm-config 342, what macros share that keep a family of names for each source
-- Documented: https://docs.fedoraproject.org/en-US/packaging-guidelines/SourceURL/
-- Targets:    all distributions
-- Deviations: the search for numbers ends after a gap of ten

-- A spec with several sources has a set of macros for each: NAME, NAME1, NAME2, …; NAME0 is the same as
-- NAME. A suffix is "" or such a number, as text.
local common = {}

local GAP = 10

-- value(NAME): what it expands to; "" where it is not defined.
function common.value(name)
  return rpm.isdefined(name) and rpm.expand("%{" .. name .. "}") or ""
end

-- is_main(SUFFIX): whether it belongs to the first source.
function common.is_main(suffix)
  return suffix == "" or suffix == "0"
end

-- set(NAME, BODY, VERBOSE): a definition, whatever was there before; without a body, none.
function common.set(name, body, verbose)
  if body == nil or body == "" then
    rpm.undefine(name)
  else
    -- A definition ends with its line unless braces hold it together.
    macros[name] = body:find("\n") and "%{expand:" .. body .. "}" or body
  end
  if verbose then
    rpm.expand("%{echo:" .. name .. ": %{?" .. name .. "}}")
  end
end

-- preset(NAME, BODY, VERBOSE): a definition where the spec has none, or an empty one.
function common.preset(name, body, verbose)
  if body ~= "" and common.value(name) == "" then common.set(name, body, verbose) end
end

-- alias(NAMES, VERBOSE): NAME and NAME0 are what either of them is.
function common.alias(names, verbose)
  for _, name in ipairs(names) do
    local first = name .. "0"
    if common.value(name) ~= "" then
      common.preset(first, "%{?" .. name .. "}", verbose)
    elseif rpm.isdefined(first) and common.value(first) ~= "" then
      common.set(name, "%{?" .. first .. "}", verbose)
    end
  end
end

-- use(NAMES, SUFFIX): macros currentNAME stand for NAME with this suffix.
function common.use(names, suffix, verbose)
  for _, name in ipairs(names) do
    if common.value(name .. suffix) ~= "" then
      common.set("current" .. name, "%{" .. name .. suffix .. "}", verbose)
    elseif rpm.isdefined("current" .. name) then
      common.set("current" .. name, nil, verbose)
    end
  end
end

-- suffixes(NAME): the numbers that NAME is defined with; "0" for NAME itself.
function common.suffixes(name)
  common.alias({ name })
  local found, number, last = {}, 0, GAP
  while number < last do
    if common.value(name .. number) ~= "" then
      found[#found + 1] = tostring(number)
      last = number + GAP
    end
    number = number + 1
  end
  return found
end

-- suffix_of(NAME, VALUE): the number of the macro with this value; nil where there is none.
function common.suffix_of(name, value)
  for _, suffix in ipairs(common.suffixes(name)) do
    if common.value(name .. suffix) == value then return suffix end
  end
end

-- each(NAME, OPTIONS, ACTION): calls ACTION with each suffix of NAME for -a, else with that of -z.
function common.each(name, options, action)
  if options.a and not options.z then
    for _, suffix in ipairs(common.suffixes(name)) do action(suffix) end
  else
    action(options.z or "")
  end
end

-- report(TITLE, NAMES, SUFFIX): prints what these macros are.
function common.report(title, names, suffix)
  rpm.expand("%{echo:" .. title .. "}")
  for _, name in ipairs(names) do
    local value = common.value(name .. suffix)
    if value ~= "" then rpm.expand("%{echo:  " .. name .. suffix .. ": %{" .. name .. suffix .. "}}") end
  end
end

return common
