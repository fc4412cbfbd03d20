# Counts words, in C.
require "river/river"

module River
  VERSION = "1.0.3"
end
