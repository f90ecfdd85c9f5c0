/// What config.json and the names of the tensors say about running a decoder.
@org.jspecify.annotations.NullMarked
package jmergekit.decoder;
