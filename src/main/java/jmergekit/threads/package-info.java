/// Thread pools, values computed ahead of their use, and jobs run concurrently. The only room that
/// starts threads; it does not know what they work on.
@org.jspecify.annotations.NullMarked
package jmergekit.threads;
