-module(pebble_tests).
-include_lib("eunit/include/eunit.hrl").

words_test() -> ?assertEqual(3, pebble:words("one two  three")).
