-- | Plain pairs.
module Data.PlainPair (second) where

-- | The second of two.
second :: (a, b) -> b
second (_, it) = it
