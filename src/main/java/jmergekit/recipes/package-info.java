/// Recipes that commands write for the user: from randomly drawn layers, and from command lines and
/// files of layer slices that predate recipes. They are text, which is read and planned like any
/// other recipe.
@org.jspecify.annotations.NullMarked
package jmergekit.recipes;
