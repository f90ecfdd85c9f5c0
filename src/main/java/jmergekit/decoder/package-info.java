/// What config.json and the names of tensors imply for running a decoder.
@org.jspecify.annotations.NullMarked
package jmergekit.decoder;
