/// Recipes that commands write for a user: of layers drawn at random, of command lines and of files of
/// layer slices from before there were recipes. What counts is their text, which is read and planned as any other.
@org.jspecify.annotations.NullMarked
package jmergekit.recipes;
