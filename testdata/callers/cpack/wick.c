int wick(void) { return 7; }
