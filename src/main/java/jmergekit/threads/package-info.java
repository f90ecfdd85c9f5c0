/// Pools of threads, values made ahead of their use, and jobs run beside each other. The only room
/// that starts threads; it does not know what they work on.
@org.jspecify.annotations.NullMarked
package jmergekit.threads;
