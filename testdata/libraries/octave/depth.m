## -*- texinfo -*-
## @deftypefn {} {} depth (@var{x})
## How deep it is at @var{x}.
## @end deftypefn
function d = depth (x)
  d = 2 * x;
endfunction

%!assert (depth (2), 4)
