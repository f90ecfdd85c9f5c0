/// What the output folder holds besides the weights: the model card, the configuration and the
/// files taken from the donor model. It decides names and contents, and looks at the finished folder; the engine writes it.
@org.jspecify.annotations.NullMarked
package jmergekit.output;
