/// The primitives on the CPU: passes over the tiles of all sources, and the searches behind masks.
/// Runs on the threads that it is given; knows nothing about merge methods and files.
@org.jspecify.annotations.NullMarked
package jmergekit.cpu;
