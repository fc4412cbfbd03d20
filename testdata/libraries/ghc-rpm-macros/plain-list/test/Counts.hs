module Main (main) where

import Control.Monad (unless)
import Data.PlainList (count)
import System.Exit (exitFailure)

main :: IO ()
main = unless (count "four" == 4) exitFailure
