(** Counts words. *)

val twice : int -> int
(** Twice a number. *)

val count : string -> int
(** How many words a text has. *)
