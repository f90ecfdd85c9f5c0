/// Several recipes of one file, where later ones use the results of earlier ones: their order, and their
/// plans, one inside the other or from folders.
@org.jspecify.annotations.NullMarked
package jmergekit.stages;
