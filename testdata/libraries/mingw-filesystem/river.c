#include <stdio.h>

int main(void) {
    puts("river");
    return 0;
}
