/// What the two users of DJL, the matrices of PyTorch and the tokenizers library, share: the folder
/// that their native libraries are unpacked to and loaded from.
@org.jspecify.annotations.NullMarked
package jmergekit.djl;
