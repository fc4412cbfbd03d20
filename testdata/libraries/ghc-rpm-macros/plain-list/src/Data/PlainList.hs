-- | Plain lists.
module Data.PlainList (count) where

import Data.PlainPair (second)

-- | How many elements there are.
count :: [a] -> Int
count = second . foldl (\(_, n) _ -> ((), n + 1)) ((), 0)
