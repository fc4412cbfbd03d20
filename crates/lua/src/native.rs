//! Functions for Lua written here, whose faults look as if they came from Lua's own library.
//!
//! mlua raises an error as an object of its own. rpm's functions raise strings that begin with the
//! place of the call, and specs compare or print them. So each function is wrapped in a small C
//! closure that raises for it; that is what the `unsafe` code here does.

#![allow(unsafe_code)]

mod args;

use std::ffi::c_int;

use mlua::{Function, IntoLuaMulti, Lua, MultiValue, Value, ffi};

use crate::fault::Fault;

pub(crate) use args::{Args, lossy};

/// What a function returns to Lua.
pub(crate) type Answer = Result<MultiValue, Fault>;

/// A function and its name in the table it belongs to.
pub(crate) type Entry = (&'static str, fn(&Lua, &Args) -> Answer);

/// Makes an answer of any values.
pub(crate) fn answer(lua: &Lua, values: impl IntoLuaMulti) -> Answer {
    Ok(values.into_lua_multi(lua)?)
}

/// Wraps a function.
pub(crate) fn native(
    lua: &Lua,
    body: impl Fn(&Lua, &Args) -> Answer + 'static,
) -> mlua::Result<Function> {
    let inner = returning_faults(lua, body)?;
    // SAFETY: `exec_raw` calls the closure in protected mode with `inner` as the only value on the
    // stack; `lua_pushcclosure` takes it as upvalue and leaves the new function in its place.
    unsafe {
        lua.exec_raw(inner, |state| {
            ffi::lua_pushcclosure(state, raise_or_return, 1);
        })
    }
}

/// Puts a check before a function of Lua's own library, which must be one without upvalues. To the
/// function it looks as if it had been called itself, so that its messages stay what they are.
pub(crate) fn checked(
    lua: &Lua,
    original: Function,
    check: impl Fn(&Lua, &Args) -> Result<(), Fault> + 'static,
) -> mlua::Result<Function> {
    let inner = returning_faults(lua, move |lua, args| {
        check(lua, args)?;
        answer(lua, ())
    })?;
    // SAFETY: as in `native`, with two values on the stack that become upvalues.
    unsafe {
        lua.exec_raw((inner, original), |state| {
            ffi::lua_pushcclosure(state, check_and_go_on, 2);
        })
    }
}

/// A function that answers as `raise_or_return` needs it.
fn returning_faults(
    lua: &Lua,
    body: impl Fn(&Lua, &Args) -> Answer + 'static,
) -> mlua::Result<Function> {
    lua.create_function(move |lua, values: MultiValue| {
        let args = Args::new(lua, values);
        match body(lua, &args) {
            Ok(mut values) => {
                values.push_front(Value::Nil);
                Ok(values)
            }
            Err(Fault::Text(message)) => (0, message).into_lua_multi(lua),
            Err(Fault::Argument(number, message)) => (number, message).into_lua_multi(lua),
            Err(Fault::Lua(error)) => Err(error),
        }
    })
}

/// Calls upvalue 1 with all arguments. It answers with nil and the results, or with the number of
/// the wrong argument (0: none in particular) and a message, which is raised.
unsafe extern "C-unwind" fn raise_or_return(state: *mut ffi::lua_State) -> c_int {
    // SAFETY: Lua calls this with a valid state and its arguments on the stack. Slots are made by
    // `luaL_checkstack`. Only plain integers and pointers live in this frame, so that the jumps of
    // `lua_error` and `luaL_argerror` skip no destructor.
    unsafe {
        let given = ffi::lua_gettop(state);
        ffi::luaL_checkstack(state, 3, c"too many arguments".as_ptr());
        ffi::lua_pushvalue(state, ffi::lua_upvalueindex(1));
        ffi::lua_insert(state, 1);
        ffi::lua_call(state, given, ffi::LUA_MULTRET);
        if ffi::lua_type(state, 1) == ffi::LUA_TNIL {
            ffi::lua_remove(state, 1);
            return ffi::lua_gettop(state);
        }
        raise(state, 1)
    }
}

/// Calls upvalue 1 with all arguments and raises what it finds wrong; goes on as upvalue 2.
unsafe extern "C-unwind" fn check_and_go_on(state: *mut ffi::lua_State) -> c_int {
    // SAFETY: as in `raise_or_return`. Upvalue 2 is a C function without upvalues, which finds the
    // stack as its caller left it.
    unsafe {
        let given = ffi::lua_gettop(state);
        ffi::luaL_checkstack(
            state,
            given.saturating_add(3),
            c"too many arguments".as_ptr(),
        );
        ffi::lua_pushvalue(state, ffi::lua_upvalueindex(1));
        for argument in 1..=given {
            ffi::lua_pushvalue(state, argument);
        }
        ffi::lua_call(state, given, 2);
        if ffi::lua_type(state, given + 1) != ffi::LUA_TNIL {
            return raise(state, given + 1);
        }
        ffi::lua_settop(state, given);
        match ffi::lua_tocfunction(state, ffi::lua_upvalueindex(2)) {
            Some(original) => original(state),
            None => 0,
        }
    }
}

/// Raises the message above the number at `index`: of that argument, or of none in particular.
unsafe fn raise(state: *mut ffi::lua_State, index: c_int) -> c_int {
    // SAFETY: the callers above have put the number and the message there.
    unsafe {
        let argument = ffi::lua_tointeger(state, index);
        if argument > 0 {
            let message = ffi::lua_tostring(state, index + 1);
            return ffi::luaL_argerror(state, argument as c_int, message);
        }
        ffi::lua_settop(state, index + 1);
        ffi::luaL_where(state, 1);
        ffi::lua_insert(state, index + 1);
        ffi::lua_concat(state, 2);
        ffi::lua_error(state)
    }
}

/// Adds functions to a table by name.
pub(crate) fn register(lua: &Lua, table: &mlua::Table, functions: &[Entry]) -> mlua::Result<()> {
    functions
        .iter()
        .try_for_each(|(name, body)| table.raw_set(*name, native(lua, *body)?))
}
