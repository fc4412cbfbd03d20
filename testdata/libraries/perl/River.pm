package River;
our $VERSION = 1.5;
sub depth { 3 }
1;
