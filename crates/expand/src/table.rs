//! The macro table: a stack of definitions for each name.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::rc::Rc;
use std::sync::Arc;

use crate::definition::Macro;
use crate::library::Layer;
use crate::name_hash::NameHasher;

/// All macros: the last definition of each name is in force.
///
/// Names that only a [`crate::Library`] defines get their stack when they are first asked for.
#[derive(Default)]
pub struct MacroTable {
    /// Where the stack of a name is.
    places: HashMap<Arc<str>, usize, BuildHasherDefault<NameHasher>>,
    stacks: Vec<Stack>,
    /// The loaded libraries, in order. A name that has a stack has their definitions on it.
    layers: Vec<Layer>,
}

/// The definitions of one name, the one in force last. It may be empty.
struct Stack {
    name: Arc<str>,
    definitions: Vec<Rc<Macro>>,
}

impl MacroTable {
    /// The definition in force.
    pub(crate) fn get(&mut self, name: &str) -> Option<&mut Rc<Macro>> {
        self.stack_of(name).definitions.last_mut()
    }

    /// Whether a name has a definition.
    pub(crate) fn has(&self, name: &str) -> bool {
        match self.places.get(name) {
            Some(place) => !self.stacks[*place].definitions.is_empty(),
            None => self.layers.iter().any(|layer| layer.has(name)),
        }
    }

    /// All definitions of a name, the one in force last.
    pub fn stack(&self, name: &str) -> &[Rc<Macro>] {
        let place = self.places.get(name);
        place.map_or(&[], |place| &self.stacks[*place].definitions)
    }

    /// Puts a definition on top.
    pub(crate) fn push(&mut self, definition: Macro) {
        let stack = self.stack_of(&definition.name);
        stack.definitions.push(Rc::new(definition));
    }

    /// Takes the top definition away.
    pub(crate) fn pop(&mut self, name: &str) {
        self.stack_of(name).definitions.pop();
    }

    /// Makes room for this many more names.
    pub(crate) fn reserve(&mut self, names: usize) {
        self.places.reserve(names);
    }

    /// Adds what a library defines on top of what is there.
    pub(crate) fn add(&mut self, layer: Layer) {
        for stack in &mut self.stacks {
            layer.stack_on(&stack.name, &mut stack.definitions);
        }
        self.layers.push(layer);
    }

    /// Gives every name its stack.
    pub(crate) fn complete(&mut self) {
        let names = self.layers.iter().flat_map(Layer::names);
        for name in names.collect::<Vec<_>>() {
            self.stack_of(name);
        }
    }

    /// The definitions in force, sorted by name.
    pub fn sorted(&self) -> Vec<&Macro> {
        let tops = self.stacks.iter().map(|stack| stack.definitions.last());
        let mut all: Vec<&Macro> = tops.flatten().map(|definition| &**definition).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    fn stack_of(&mut self, name: &str) -> &mut Stack {
        let place = match self.places.get(name) {
            Some(place) => *place,
            None => self.open_stack(name),
        };
        &mut self.stacks[place]
    }

    fn open_stack(&mut self, name: &str) -> usize {
        let name: Arc<str> = name.into();
        let mut definitions = Vec::new();
        for layer in &self.layers {
            layer.stack_on(&name, &mut definitions);
        }
        let place = self.stacks.len();
        self.places.insert(name.clone(), place);
        self.stacks.push(Stack { name, definitions });
        place
    }
}
