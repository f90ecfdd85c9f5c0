/// The output folder on disk: written under another name, locked, and put in place by a rename. It
/// also knows what interrupted runs left beside it, and removes only what runs wrote.
@org.jspecify.annotations.NullMarked
package jmergekit.publish;
