Gem::Specification.new do |it|
  it.name = "river"
  it.version = "1.0.3"
  it.summary = "Counts words"
  it.authors = ["The packager"]
  it.licenses = ["MIT"]
  it.files = %w[lib/river.rb ext/extconf.rb ext/river.c bin/river-count lib/windows.rb]
  it.executables = ["river-count"]
  it.extensions = ["ext/extconf.rb"]
  it.add_runtime_dependency "logger", "~> 1.6.0"
  it.add_development_dependency "minitest", ">= 5"
end
