/// Jobs that other processes carry out, on this machine or on others. What runs them is found when it
/// is asked for; nothing here depends on it.
@org.jspecify.annotations.NullMarked
package jmergekit.cluster;
