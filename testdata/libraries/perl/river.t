#!perl -w
use Test::More tests => 1;
use River;
is(River::depth(), 3, "deep");
