module Main (main) where

import Data.PlainList (count)

main :: IO ()
main = getContents >>= print . count . words
