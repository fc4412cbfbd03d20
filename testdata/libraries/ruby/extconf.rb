require "mkmf"
create_makefile("river/river")
