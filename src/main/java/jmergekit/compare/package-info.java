/// Models compared with each other: what is measured of their tensors, and how their other files
/// differ.
@org.jspecify.annotations.NullMarked
package jmergekit.compare;
