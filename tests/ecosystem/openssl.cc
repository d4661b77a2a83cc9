// SPDX-License-Identifier: Apache-2.0
// OpenSSL: digests in threads, one key shared by all of them through its reference count, random numbers. Whoever lets
// the key go last adds up what all have noted in an object of theirs that hangs on it: only that count orders them.
// RACE: the threads write the last digest they made where all see it.
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#ifdef RACE
#include "support/step.h"
#endif

using Digest = std::array<unsigned char, 32>;
[[maybe_unused]] Digest last{};  // visible outside, or the compiler drops what nobody reads

namespace {

#ifdef RACE
step::Meeting meeting(4);  // nothing orders what comes behind it
#endif

Digest digest_of(const std::string& text) {
  Digest digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    std::exit(1);
  }
#ifdef RACE
  meeting.arrive();
  last[0] = digest[0];  // seeded
#endif
  return digest;
}

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

// Each thread its own.
using Notes = std::array<int, 4>;
int signatures_made = 0;

void add_up(void* /*key*/, void* notes, CRYPTO_EX_DATA*, int, long, void*) {
  const std::unique_ptr<Notes> all(static_cast<Notes*>(notes));
  for (const int made : *all) {
    signatures_made += made;
  }
}

int notes_index() {
  static const int index = EVP_PKEY_get_ex_new_index(0, nullptr, nullptr, nullptr, add_up);
  return index;
}

Key make_key() {
  std::array<unsigned char, 32> seed{};
  Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()), EVP_PKEY_free);
  EVP_PKEY_set_ex_data(key.get(), notes_index(), new Notes{});
  return key;
}

Key share(const Key& key) {
  EVP_PKEY_up_ref(key.get());
  return {key.get(), EVP_PKEY_free};
}

std::vector<unsigned char> sign(const Key& key, std::size_t thread, const std::string& text) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::vector<unsigned char> signature(64);
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, reinterpret_cast<const unsigned char*>(text.data()),
                     text.size()) != 1) {
    std::exit(2);
  }
  (*static_cast<Notes*>(EVP_PKEY_get_ex_data(key.get(), notes_index())))[thread] = 1;
  return signature;
}

}  // namespace

int main() {
  Key key = make_key();
  std::vector<Digest> digests(4);
  std::vector<std::vector<unsigned char>> signatures(4);
  std::vector<std::thread> threads;
  for (std::size_t index = 0; index < digests.size(); ++index) {
    threads.emplace_back([&, index, mine = share(key)]() mutable {
      std::array<unsigned char, 16> salt{};
      RAND_bytes(salt.data(), static_cast<int>(salt.size()));
      digests[index] = digest_of("text " + std::to_string(index));
      signatures[index] = sign(mine, index, "text");
      mine.reset();
    });
  }
  key.reset();
  for (auto& thread : threads) {
    thread.join();
  }
  std::printf("%02x %02x %d %d\n", digests[0][0], digests[3][31], signatures[0] == signatures[3], signatures_made);
}
