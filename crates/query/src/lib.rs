//! Floor 2: rpm's query formats over the package model.
