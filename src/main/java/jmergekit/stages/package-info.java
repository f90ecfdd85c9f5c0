/// Several recipes in one file, where later ones use the results of earlier ones: their order, and
/// their plans, nested or reading from folders.
@org.jspecify.annotations.NullMarked
package jmergekit.stages;
