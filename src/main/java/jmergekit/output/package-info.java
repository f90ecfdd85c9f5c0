/// The files in the output folder other than the weights: the model card, the configuration and the
/// files copied from the donor model. The package decides names and contents, and checks the
/// finished folder; the engine writes it.
@org.jspecify.annotations.NullMarked
package jmergekit.output;
