%% @doc Counts words.
-module(pebble).
-export([words/1]).
-include("pebble.hrl").

%% @doc How many words a text has.
-spec words(string()) -> non_neg_integer().
words(Text) -> length(string:lexemes(Text, ?SPACE)).
