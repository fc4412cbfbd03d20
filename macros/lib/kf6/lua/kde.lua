-- Library:    kf6-rpm-macros 6.11 and kf5-rpm-macros 5.116: what KDE's version numbers say
-- Documented: https://src.fedoraproject.org/rpms/kf6; https://community.kde.org/ReleasingSoftware
-- Targets:    all distributions
-- Deviations: none

local kde = {}

-- part(VERSION, N): the Nth number of a version, as text; "" where there is none.
function kde.part(version, n)
  local found = 0
  for number in version:gmatch("[^.]+") do
    found = found + 1
    if found == n then return number end
  end
  return ""
end

-- is_unstable(VERSION, MAJOR): whether this is a pre-release for Frameworks MAJOR: a third number from 50
-- on; 5.90 and later were on the way to 6.
function kde.is_unstable(version, major)
  local function number(n) return tonumber(kde.part(version, n)) or 0 end
  return number(3) >= 50 or major == 6 and number(1) == 5 and number(2) >= 90
end

-- branch(VERSION, MAJOR): "6.11" of 6.11.4; pre-releases keep their third number, which was 50 for 5.
function kde.branch(version, major)
  local branch = kde.part(version, 1) .. "." .. kde.part(version, 2)
  if not kde.is_unstable(version, major) then return branch end
  return branch .. "." .. (major == 5 and "50" or kde.part(version, 3))
end

return kde
