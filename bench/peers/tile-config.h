/* GCC before 13 declares that ldtilecfg reads 8 of its 64 bytes, drops the stores to the others, and llama.cpp's
   AMX kernels then die of a tile configuration that was never written. Included before every C++ file of the peer. */
#pragma once
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
#include <immintrin.h>
#define _tile_loadconfig(config) __asm__ volatile("ldtilecfg %0" : : "m"(*(const char(*)[64])(config)))
#endif
