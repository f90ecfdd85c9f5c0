/// The merge methods as their papers have them, in double precision and whole arrays: slow and
/// obvious, to compare the real ones with. They share no code with those.
@org.jspecify.annotations.NullMarked
package jmergekit.method.reference;
