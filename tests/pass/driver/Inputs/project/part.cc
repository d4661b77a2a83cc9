int part = 0;
int next() { return ++part; }
