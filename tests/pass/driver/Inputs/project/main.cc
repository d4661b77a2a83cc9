int next();
int total;
int main() {
  total += next();
  return total - 1;
}
