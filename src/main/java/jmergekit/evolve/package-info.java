/// The search for the best recipe: what of a recipe is searched, the log of evaluations, the
/// baselines, and the verdict on held-out items.
@org.jspecify.annotations.NullMarked
package jmergekit.evolve;
