#include <ruby.h>

static VALUE count(VALUE self, VALUE text) {
    const char *at = StringValueCStr(text);
    int words = 0, inside = 0;
    for (; *at; at++) {
        if (*at == ' ') inside = 0;
        else if (!inside) inside = 1, words++;
    }
    return INT2NUM(words);
}

void Init_river(void) {
    rb_define_module_function(rb_define_module("River"), "count", count, 1);
}
