int wick(void);
int main(void) { return wick() != 7; }
