#include <caml/mlvalues.h>

value pebble_twice(value number) { return Val_long(2 * Long_val(number)); }
