/// The search for the best recipe: which values of a recipe are searched, the log of evaluations,
/// the baselines, and the verdict on held-out items.
@org.jspecify.annotations.NullMarked
package jmergekit.evolve;
