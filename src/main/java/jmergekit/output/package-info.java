/// What the output folder holds besides the weights: the model card, the configuration and the
/// files taken from the donor model. It decides names and contents; the engine writes them.
@org.jspecify.annotations.NullMarked
package jmergekit.output;
