/// The small models and the recipes in the folder `examples`: how the models are made, and that
/// every recipe runs. What the merge methods compute is tested elsewhere.
@org.jspecify.annotations.NullMarked
package jmergekit.examples;
