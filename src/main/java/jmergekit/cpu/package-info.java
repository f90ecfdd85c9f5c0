/// The primitives on the CPU: passes over the tiles of all sources, and the searches that masks come
/// from. Runs on the threads that it is given; knows no merge method and no file.
@org.jspecify.annotations.NullMarked
package jmergekit.cpu;
