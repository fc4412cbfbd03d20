-- Precompiled chunks can break the interpreter, so only text is loaded, whatever mode is asked for.
local load_any, load_file = load, loadfile

function load(chunk, name, _, ...)
    return load_any(chunk, name, "t", ...)
end

function loadfile(path, _, ...)
    return load_file(path, "t", ...)
end

function dofile(path)
    return assert(load_file(path, "t"))()
end
