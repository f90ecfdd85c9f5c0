/// Tokenizers as their files describe them: which token has which id, the vocabulary of a merged
/// model and the files that say so, where each of its embedding rows comes from, and which tokens of
/// two vocabularies stand for the same. The tokenizers library turns texts into tokens here, and
/// nothing else.
@org.jspecify.annotations.NullMarked
package jmergekit.tokenizer;
