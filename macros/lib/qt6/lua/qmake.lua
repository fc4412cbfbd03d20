-- Library:    qt6-rpm-macros 6.8, qt5-rpm-macros 5.15: what qmake is called with
-- Documented: https://doc.qt.io/qt-6/qmake-variable-reference.html
-- Targets:    all distributions
-- Deviations: see qt6.macros

local qmake = {}

-- The directories that a qt.conf of the target names: qmake's name of each and the macro that has it.
local DIRECTORIES = {
  {"Prefix", "prefix"}, {"ArchData", "archdatadir"}, {"Data", "datadir"}, {"Documentation", "docdir"},
  {"LibraryExecutables", "libexecdir"}, {"Binaries", "bindir"}, {"Plugins", "plugindir"},
  {"Imports", "importdir"}, {"Qml2Imports", "qmldir"},
  {"Translations", "translationdir"}, {"Examples", "examplesdir"}, {"Settings", "settingsdir"},
}

-- What qmake sets, the variable of the environment that has it, and the value without one.
local FLAGS = {
  {"CFLAGS", "%{_QT_optflags} %{?_QT_cflags}"}, {"CXXFLAGS", "%{_QT_optflags} %{?_QT_cxxflags}"},
  {"LFLAGS", "%{?_QT_ldflags}", "LDFLAGS"},
}

local function expand(text, qt)
  return (rpm.expand((text:gsub("QT", qt))):gsub("^%s+", ""):gsub("%s+$", ""))
end

-- flags(QT): assignments for qmake of that version ("qt5"), a line each, as the tail of a command.
function qmake.flags(qt)
  local lines = {}
  for _, flag in ipairs(FLAGS) do
    for _, kind in ipairs({"DEBUG", "RELEASE"}) do
      lines[#lines + 1] = ('  QMAKE_%s_%s="${%s:-%s}"'):format(flag[1], kind, flag[3] or flag[1], expand(flag[2], qt))
    end
  end
  lines[#lines + 1] = "  QMAKE_STRIP="
  return "\\\n" .. table.concat(lines, " \\\n")
end

-- target(QT): the program, its version and the target's directories, for helpers/qmake-target.
function qmake.target(qt)
  local words = {expand("%{_QT_qmake}", qt), qt:match("%d+")}
  for _, directory in ipairs(DIRECTORIES) do
    words[#words + 1] = directory[1] .. "=" .. expand("%{_QT_" .. directory[2] .. "}", qt)
  end
  return table.concat(words, " ") .. " --"
end

-- command(QT): qmake with flags and directories of the target.
function qmake.command(qt)
  return expand("%{_specbuilddir}/helpers/qmake-target ", qt) .. " " .. qmake.target(qt) .. " " .. qmake.flags(qt)
end

return qmake
