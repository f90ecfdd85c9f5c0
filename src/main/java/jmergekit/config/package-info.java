/// Recipes as the user wrote them: immutable records, nothing resolved, each value with its
/// location. The only room that reads YAML; other rooms check whether methods, models and layers
/// exist.
@org.jspecify.annotations.NullMarked
package jmergekit.config;
