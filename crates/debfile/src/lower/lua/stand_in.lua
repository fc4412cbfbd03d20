-- What the package manager's Lua has beside the language itself, by means of programs
-- that every system has. Source: rpm-lua(7). Written so that lintian, which takes it for shell,
-- finds nothing amiss.
posix, rpm = {}, {}
package.loaded.posix, package.loaded.rpm = posix, rpm
table.insert(arg, 1, "<lua>")
arg[2] = tonumber(arg[2]) or arg[2]

local quoted = function(words)
  local list = {}
  for index, word in ipairs(words) do
    list[index] = "'" .. tostring(word):gsub("'", "'\\''") .. "'"
  end
  return table.concat(list, " ")
end

-- What a program prints; nothing if it fails.
local output = function(...)
  local pipe = io.popen(quoted({...}) .. " 2>/dev/null")
  local text = pipe:read("a")
  return pipe:close() and text or nil
end

-- Runs a program without a word: 0, or nothing and why. Numbers are none of Lua's integers.
local try = function(path, ...)
  if os.execute(quoted({...}) .. " 2>/dev/null") then return 0.0 end
  local why, number = "Operation not permitted", 1.0
  if output("test", "-e", path) then
    why, number = "File exists", 17.0
  elseif not output("test", "-e", path:match("^(.*)/[^/]") or ".") then
    why, number = "No such file or directory", 2.0
  end
  return nil, path .. ": " .. why, number
end

local missing = function(path)
  return nil, path .. ": No such file or directory", 2.0
end

local names = function(text)
  local list = {}
  for name in text:gmatch("([^\0]*)\0") do list[#list + 1] = name end
  return list
end

local kinds = {
  ["-"] = "regular", d = "directory", l = "link", p = "fifo", s = "socket",
  b = "block device", c = "character device",
}

posix.stat = function(path, field)
  local said = output("stat", "-c", "%A %f %i %d %h %u %g %s %X %Y %Z", "--", path)
  if not said then return missing(path) end
  local words = {}
  for word in said:gmatch("%S+") do words[#words + 1] = word end
  local mode = words[1]:sub(2):gsub("t$", "x"):gsub("T$", "-")
  local bits = tonumber(words[2], 16) + 0.0
  local facts = {type = kinds[words[1]:sub(1, 1)], mode = mode, _mode = bits}
  for index, name in ipairs({"ino", "dev", "nlink", "uid", "gid", "size", "atime", "mtime", "ctime"}) do
    facts[name] = tonumber(words[index + 2]) + 0.0
  end
  if field then return facts[field] end
  return facts
end

posix.access = function(path, mode)
  for sign in (mode or "f"):gmatch(".") do
    local test = sign == "f" and "-e" or "-" .. sign
    if not output("test", test, path) then return missing(path) end
  end
  return 0.0
end

posix.dir = function(path)
  local said = output("find", path, "-mindepth", "1", "-maxdepth", "1", "-printf", "%f\\0")
  if not said then return missing(path) end
  return names(".\0..\0" .. said)
end

posix.files = function(path)
  local list, why, number = posix.dir(path)
  if not list then return nil, why, number end
  local index = 0
  return function()
    index = index + 1
    return list[index]
  end
end

posix.readlink = function(path)
  return output("readlink", "-n", "--", path)
end

-- `rwxr-x---` in octal; other modes are as chmod has them.
local mode_of = function(mode)
  local signs = tostring(mode)
  if not signs:match("^[rwxsStT-]+$") or #signs ~= 9 then return signs end
  local bits = 0
  for index = 1, 9 do
    bits = bits * 2 + (signs:sub(index, index):match("[rwxst]") and 1 or 0)
  end
  for index, bit in pairs({[3] = 2048, [6] = 1024, [9] = 512}) do
    if signs:sub(index, index):match("[sStT]") then bits = bits + bit end
  end
  return string.format("%04o", bits)
end

posix.chmod = function(path, mode) return try(path, "chmod", mode_of(mode), "--", path) end
posix.chown = function(path, user, group)
  return try(path, "chown", (user or "") .. ":" .. (group or ""), "--", path)
end
posix.mkdir = function(path) return try(path, "mkdir", "--", path) end
posix.mkfifo = function(path) return try(path, "mkfifo", "--", path) end
posix.rmdir = function(path) return try(path, "rmdir", "--", path) end
posix.unlink = function(path) return try(path, "unlink", path) end
posix.link = function(from, to) return try(to, "ln", "-T", "--", from, to) end
posix.symlink = function(from, to) return try(to, "ln", "-sT", "--", from, to) end
posix.sleep = function(seconds) return try("", "sleep", seconds) end
posix.getcwd = function() return (output("pwd"):gsub("\n$", "")) end
posix.getenv = function(name) return os.getenv(name) end

posix.utime = function(path, changed, used)
  if not posix.access(path) then return missing(path) end
  local now = "@" .. (changed or os.time())
  try(path, "touch", "-a", "-d", used and "@" .. used or now, "--", path)
  return try(path, "touch", "-m", "-d", now, "--", path)
end

posix.uname = function(format)
  local options = {m = "-m", n = "-n", r = "-r", s = "-s", v = "-v"}
  local fill = function(sign)
    return options[sign] and output("uname", options[sign]):gsub("\n$", "") or "%" .. sign
  end
  local filled = (format or "%s %n %r %v %m"):gsub("%%(.)", fill)
  return filled
end

local ended = function(done, how, number)
  if done then return 0.0 end
  return nil, how == "signal" and "exit signal" or "exit code", number + 0.0
end

rpm.execute = function(...)
  return ended(os.execute(quoted({...})))
end

rpm.spawn = function(words, files)
  local command = quoted(words)
  for name, sign in pairs({stdin = " <", stdout = " >", stderr = " 2>"}) do
    if files and files[name] then command = command .. sign .. quoted({files[name]}) end
  end
  return ended(os.execute(command))
end

rpm.glob = function(pattern, flags)
  local list = 'IFS=; for path in $1; do printf "%s\\0" "$path"; done'
  local found = names(output("sh", "-c", list, "sh", pattern))
  local is_nothing = found[1] == pattern and not output("test", "-e", pattern)
  return is_nothing and flags ~= "c" and {} or found
end

rpm.vercmp = function(one, other)
  local spelled = function(version) return (version:gsub("_", "."):gsub("%^", "+")) end
  one, other = spelled(one), spelled(other)
  if output("dpkg", "--compare-versions", one, "lt", other) then return -1 end
  return output("dpkg", "--compare-versions", one, "eq", other) and 0 or 1
end

rpm.next_file = function() return io.read() end
rpm.expand = function(text) return text end
